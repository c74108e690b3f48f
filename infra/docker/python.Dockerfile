# One image for every Python service: `serve|migrate|provision PACKAGE` chooses.
FROM python:3.13-slim-bookworm

RUN useradd --uid 10001 --user-group --no-create-home aller
WORKDIR /app
COPY infra/docker/requirements.txt .
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.txt

COPY openapi openapi
COPY services services
ENV PYTHONPATH=/app/services/servicekit/src:/app/services/accompaniments/src:/app/services/gateway/src:/app/services/partners/src:/app/services/referrals/src \
    PYTHONUNBUFFERED=1
# A new volume takes the owner of the folder it is mounted on.
RUN python -m compileall -q services && mkdir /documents && chown 10001:10001 /documents

USER 10001:10001
ENTRYPOINT ["python", "-m", "servicekit"]
