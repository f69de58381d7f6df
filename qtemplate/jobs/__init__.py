"""Jobs: the only room that reads the clock; it wires reading, rules, apply and report together."""
