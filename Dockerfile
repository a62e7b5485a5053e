# One image for each app:  docker build --build-arg APP=gateway --tag uapi-gateway:0.1.0 .
# APP is gateway, search, auth, video, assistant, analytics, webhook, admin or simulator.
# npm run check -- image executes these steps without Docker and refuses an instruction that it does not know.

# Packages and local data, the same for every app.
FROM node:24.21.0-bookworm-slim AS build
WORKDIR /build
COPY . .
RUN npm ci --omit=dev
RUN node tools/setup/compile-data.ts

# What one app needs of them.
FROM build AS pack
ARG APP
RUN node --disable-warning=ExperimentalWarning tools/checks/src/pack/main.ts "$APP" packed
RUN mkdir volume

# Node strips the types itself, so the sources run as they are. Everything below /app belongs to root and is only read; the
# folder of secrets is a volume, and the job that fills it runs as the user of all apps.
FROM node:24.21.0-bookworm-slim
ARG UAPI_BUILD=unknown
ENV NODE_ENV=production
ENV OPS_PORT=9100
ENV UAPI_BUILD=$UAPI_BUILD
WORKDIR /app
COPY --from=pack /build/packed ./
COPY --from=pack --chown=10001:10001 /build/volume /secrets
USER 10001:10001
HEALTHCHECK --interval=5s --timeout=3s --start-period=60s --retries=3 CMD ["node", "check-health.mjs"]
ENTRYPOINT ["node", "main.ts"]
