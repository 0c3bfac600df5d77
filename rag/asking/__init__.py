"""What is asked: companies, periods, kind of question, follow-ups."""
