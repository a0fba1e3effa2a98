"""Airflow: the reports every morning, one build at a time.

Put this file into the folder of DAGs of an Airflow that runs on the machine with the project, or
whose worker there listens to a queue of its own (then add ``queue="cakra"`` below).
"""

from __future__ import annotations

from datetime import timedelta

import pendulum
from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

with DAG(
    dag_id="cakra_reports",
    schedule="30 5 * * *",
    start_date=pendulum.datetime(2026, 1, 1, tz="Asia/Makassar"),
    # A build brings everything up to date, so after a pause one run is enough: Airflow starts the
    # last one that was missed and leaves out those before it.
    catchup=False,
    max_active_runs=1,
    tags=["cakra"],
) as dag:
    BashOperator(
        task_id="report",
        bash_command=".venv/bin/cakra report reports/reports.toml --quiet",
        cwd="/srv/cakra",
        # What [notices] in the plan names, for instance CAKRA_APPRISE, is in the worker's
        # environment, which the task inherits.
        retries=1,  # what was built stays; a second try takes up the rest
        retry_delay=timedelta(minutes=10),
        execution_timeout=timedelta(hours=3),
    )
