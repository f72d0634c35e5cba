"""What a worker writes down about support, as forms. Each keeps what was typed."""
