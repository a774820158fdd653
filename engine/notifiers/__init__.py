"""How people are reached: channels, their queues, and who is told where; what is worth telling stands elsewhere."""
