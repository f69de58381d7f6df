"""The process, one step a module. The steps do not import each other."""
