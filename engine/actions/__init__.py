"""What a rule may order: each action declared once; nothing here performs anything."""
