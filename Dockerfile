FROM python:3.13-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /app
COPY requirements-node.txt package.json package-lock.json .npmrc ./
RUN python -m venv /node && /node/bin/pip install --require-hashes -r requirements-node.txt && /node/bin/npm ci --omit=dev
COPY requirements.txt ./
RUN python -m venv /venv && /venv/bin/pip install --require-hashes -r requirements.txt
COPY . .
RUN python tools/assets.py && rm -rf node_modules
RUN PRODUCTION=1 SECRET_KEY=build FIELD_KEYS=build ALLOWED_HOSTS=build /venv/bin/python manage.py collectstatic --no-input

FROM python:3.13-slim
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PRODUCTION=1
RUN useradd --no-create-home --shell /usr/sbin/nologin --uid 10001 alliance
WORKDIR /app
COPY --from=build /venv /venv
COPY --from=build /app /app
RUN install --directory --owner=alliance --mode=700 /app/var /app/var/erasures
USER alliance
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
  CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["gunicorn", "alliance_tracker.wsgi", "--bind=0.0.0.0:8000", "--workers=2", "--threads=4", "--preload", "--no-control-socket"]
