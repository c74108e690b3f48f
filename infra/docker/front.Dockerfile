# The built browser application; run once, it brings its files to the volume that the gateway serves.
FROM node:22-bookworm-slim AS build
WORKDIR /front
COPY frontend/package.json frontend/package-lock.json frontend/.npmrc ./
RUN npm ci
COPY frontend .
RUN npm run build

FROM busybox:1.37
COPY --from=build /front/dist /dist
# A new volume takes the owner of the folder it is mounted on.
RUN mkdir /spa && chown 10001:10001 /spa
USER 10001:10001
CMD ["sh", "-c", "rm -rf /spa/* && cp -r /dist/. /spa/"]
