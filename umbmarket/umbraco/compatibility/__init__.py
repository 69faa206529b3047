"""The Umbraco versions that the Marketplace should show for a package: an estimate."""
