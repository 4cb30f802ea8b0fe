"""The stages of `dvc.yaml`, one thin module each: read what is declared, call the library, write what is declared."""
