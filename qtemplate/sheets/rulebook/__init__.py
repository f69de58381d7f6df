"""The rule sheets and logs read into a `RuleBook`."""
