"""The Umbraco Marketplace: its words, its schema, where it looks, its rules, its actions and its pages."""
