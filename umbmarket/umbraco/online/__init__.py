"""What the Marketplace, the feed and the addresses in a listing answer."""
