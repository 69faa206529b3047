"""The NuGet V3 feed: which versions of a package there are, and the nuspec of one."""
