"""What every stage of `dvc.yaml` shares: its declaration, its settings, how its work is done and shown, how it ends."""
