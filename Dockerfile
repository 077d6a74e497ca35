FROM python:3.13-slim AS builder
COPY requirements.txt .
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.txt

FROM builder AS client
WORKDIR /app
COPY requirements-client.txt tools/link-node.sh ./
RUN /venv/bin/pip install --no-cache-dir --require-hashes -r requirements-client.txt \
    && sh link-node.sh /venv
ENV PATH=/venv/bin:$PATH
COPY client/package.json client/package-lock.json client/.npmrc client/
RUN cd client && npm ci
COPY rendezvous rendezvous
COPY client client
RUN cd client && npm run build

FROM python:3.13-slim
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin rendezvous \
    && install -d -o 10001 -m 700 /data
COPY --from=builder /venv /venv
COPY app.py config.py run.py gunicorn.conf.py requirements.txt /app/
COPY assembly /app/assembly
COPY rendezvous /app/rendezvous
COPY --from=client /app/client/dist /app/client/dist
WORKDIR /app
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 DATA_DIR=/data
VOLUME /data
# By number, so that an orchestrator can see that it is not root.
USER 10001
EXPOSE 5000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s CMD ["python", "-c", "\
import http.client, os, sys; \
server = http.client.HTTPConnection('127.0.0.1', int(os.environ.get('PORT') or 5000), timeout=4); \
server.request('GET', '/'); \
sys.exit(server.getresponse().status != 200)"]
CMD ["python", "run.py"]
