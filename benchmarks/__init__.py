"""How fast Limen is, as ratios to a yardstick of the same run."""
