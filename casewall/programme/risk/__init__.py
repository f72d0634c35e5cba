"""What is known of the risk that a client poses: evidence by source, judgement, version and sign-off."""
