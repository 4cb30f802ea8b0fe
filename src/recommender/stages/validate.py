"""`validate`: check the raw CSV files, and make clean tables of them."""

from recommender.cleaning.validate_files import validate_files
from recommender.files.csv_files import for_spreadsheets, write_csv
from recommender.files.json_files import write_json
from recommender.files.tables import write_table
from recommender.pipeline.stage import Stage, run
from recommender.settings.data import DataSettings
from recommender.settings.features import FeatureSettings


def validate(stage: Stage) -> None:
    """Read, check and clean the three files."""
    files = [stage.dep(name) for name in ("users.csv", "programs.csv", "interactions.csv")]
    size = sum(path.stat().st_size for path in files if path.exists())
    with stage.work("bytes", size) as execution:
        clean = validate_files(
            *files,
            settings=stage.settings("data", DataSettings),
            features=stage.settings("features", FeatureSettings),
            on_bytes=execution.advance,
        )
    write_table(stage.out("users.parquet"), clean.users)
    write_table(stage.out("programs.parquet"), clean.programs)
    write_table(stage.out("titles.parquet"), clean.titles)
    write_table(stage.out("interactions.parquet"), clean.interactions)
    write_csv(stage.out("dropped.csv"), for_spreadsheets(clean.dropped))
    write_csv(stage.out("growth.csv"), clean.growth)
    write_json(stage.out("data.json"), clean.report)


if __name__ == "__main__":
    run("validate", validate)
