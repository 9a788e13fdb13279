FROM python:3.12-slim
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 DATA_DIR=/data
WORKDIR /callboard
# SAML needs it to check signatures.
RUN apt-get update && apt-get install --yes --no-install-recommends xmlsec1 && rm -rf /var/lib/apt/lists/*
COPY requirements.txt .
RUN pip install --disable-pip-version-check -r requirements.txt
COPY . .
RUN useradd --create-home callboard && mkdir /data && chown callboard /data
USER callboard
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
CMD ["python", "manage.py", "serve"]
