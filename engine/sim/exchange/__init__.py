"""The exchange itself: contracts, orders, fills, positions, money in simulated time; it knows no wire, no clock."""
