"""What a person does with the mail queue, what waits in it, and the mails that jobs themselves make."""
