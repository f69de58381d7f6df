"""Follow-up forms: fillable workbooks sent out and read back."""
