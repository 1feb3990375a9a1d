# The requirements and the front end are made in one image, and only what serving needs goes into the next.

FROM python:3.11-slim AS build
WORKDIR /app
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
COPY requirements.txt ./
RUN python -m venv .venv \
    && .venv/bin/python -m pip install --quiet --require-hashes --no-deps -r requirements.txt
COPY alembic.ini rxconfig.py ./
COPY alembic alembic
COPY assets assets
COPY reflex.lock reflex.lock
COPY lovechat lovechat
# Before APP_ENV is production: building needs no secret, and none may end up in a layer.
RUN .venv/bin/python -m lovechat build \
    && find .web -mindepth 1 -maxdepth 1 ! -name build -exec rm -rf {} +

FROM python:3.11-slim
WORKDIR /app
COPY --from=build /app /app
# The application belongs to root. Its user may write the data, and one file that Reflex writes at each start.
RUN useradd --system --user-group --uid 10001 --home-dir /data --no-create-home lovechat \
    && install -d -o lovechat -g lovechat /data /data/uploads /app/.web/backend
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    APP_ENV=production \
    HOST=0.0.0.0 \
    PORT=8000 \
    LOVECHAT_DATA_DIR=/data \
    UPLOAD_DIR=/data/uploads
USER lovechat
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen('http://127.0.0.1:' + os.environ['PORT'] + '/health', timeout=4)"]
CMD ["python", "-m", "lovechat", "run"]
