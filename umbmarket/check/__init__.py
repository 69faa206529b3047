"""The marketplace-neutral core: the catalogue of rules, the engine, the report, the walk over folders."""
