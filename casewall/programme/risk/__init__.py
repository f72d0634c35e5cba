"""What is known of the risk that a client poses: evidence, judgement, version and signature."""
