"""What is outside: the NuGet feed, the Marketplace and plain links, behind one careful HTTP client."""
