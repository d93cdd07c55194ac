"""Shopping habits and segments of exported sales; see README.md."""

import argparse
from pathlib import Path

from pyspark.ml import Pipeline
from pyspark.ml.clustering import KMeans
from pyspark.ml.feature import StandardScaler, VectorAssembler
from pyspark.sql import SparkSession
from pyspark.sql import functions as f

FEATURES = ["recencyDays", "frequency", "monetary"]
COLUMNS = {"shopper": "shopper", "order": "order_id", "at": "sold_at", "quantity": "quantity", "price": "price"}


def main() -> None:
    parser = argparse.ArgumentParser()
    for name in ["sales", "out", *COLUMNS]:
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--segments", type=int, default=5)
    given = vars(parser.parse_args())
    spark = SparkSession.builder.appName("segments").getOrCreate()
    sales = spark.read.parquet(given["sales"])
    sales.select([f.col(f"`{given[name]}`").alias(column) for name, column in COLUMNS.items()]).createOrReplaceTempView(
        "sales"
    )
    habits = spark.sql(Path(__file__).with_name("features.sql").read_text())
    logs = habits.select("shopper", *FEATURES, *[f.log1p(name).alias(f"log_{name}") for name in FEATURES])
    pipeline = Pipeline(
        stages=[
            VectorAssembler(inputCols=[f"log_{name}" for name in FEATURES], outputCol="vector"),
            StandardScaler(inputCol="vector", outputCol="features", withMean=True),
            KMeans(k=given["segments"], seed=0, predictionCol="segment"),
        ]
    )
    segments = pipeline.fit(logs).transform(logs).select("shopper", *FEATURES, "segment")
    segments.coalesce(1).write.mode("overwrite").option("header", True).csv(given["out"])


main()
