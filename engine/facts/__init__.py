"""What a rule may ask: each fact declared once, computed purely from one view of one account."""
