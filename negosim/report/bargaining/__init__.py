"""What a bargaining came to: in a sentence, as tables on a screen, as a drawing."""
