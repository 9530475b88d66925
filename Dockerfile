# Builds with pinned versions, runs as nobody in particular, holds neither compiler nor tests.
FROM node:22-slim AS editor
WORKDIR /src
COPY producers producers
RUN cd producers/workspace/editor && npm ci --ignore-scripts --no-audit --no-fund && npm run build

FROM python:3.11-slim AS build
WORKDIR /src
RUN python -m venv /opt/postroom
ENV PATH=/opt/postroom/bin:$PATH PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
COPY requirements.lock pyproject.toml postroom.py ./
COPY cli cli
COPY models models
COPY producers producers
COPY --from=editor /src/producers/workspace/static/editor.js producers/workspace/static/
COPY workers workers
RUN pip install --constraint requirements.lock setuptools \
 && pip install --constraint requirements.lock --no-build-isolation . \
 && pip uninstall --yes setuptools

FROM python:3.11-slim
RUN useradd --system --uid 10001 --create-home --home-dir /var/lib/postroom postroom
COPY --from=build /opt/postroom /opt/postroom
ENV PATH=/opt/postroom/bin:$PATH PYTHONUNBUFFERED=1
WORKDIR /var/lib/postroom
USER 10001
EXPOSE 8025 8026
HEALTHCHECK --interval=60s --timeout=15s --start-period=30s --retries=3 CMD ["postroom", "doctor", "--only", "database", "--strict"]
ENTRYPOINT ["postroom"]
CMD ["api"]
