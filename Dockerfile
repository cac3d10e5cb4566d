# One image for every part of Onrecord; compose gives each its command.
FROM python:3.13-slim AS build
WORKDIR /build
COPY requirements.lock pyproject.toml README.md LICENSE ./
RUN python3 -m venv /opt/onrecord \
 && /opt/onrecord/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
COPY worker worker
COPY migrations migrations
RUN /opt/onrecord/bin/python -m hatchling build -t wheel -d /build/dist \
 && /opt/onrecord/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps /build/dist/*.whl

FROM python:3.13-slim
COPY --from=build /opt/onrecord /opt/onrecord
# A user of its own; the inbox is mounted, and nothing else is ever written but /tmp.
RUN groupadd --gid 10001 onrecord \
 && useradd --uid 10001 --gid 10001 --no-create-home --shell /usr/sbin/nologin onrecord \
 && mkdir /inbox && chown onrecord:onrecord /inbox
ENV PATH=/opt/onrecord/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 ONRECORD_LOG_FORMAT=json
USER 10001:10001
WORKDIR /tmp
ENTRYPOINT ["onrecord"]
CMD ["--help"]
