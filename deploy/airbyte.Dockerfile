# docker build --file deploy/Dockerfile --tag rocketchat-export .
# docker build --file deploy/airbyte.Dockerfile --tag registry.example.org/source-rocketchat-archive:0.1.0 .
#
# A source connector that reads an archive: mount it into the containers of the connector, read-only, and give its place as
# `archive` when the source is set up.
FROM rocketchat-export
LABEL io.airbyte.name=source-rocketchat-archive io.airbyte.version=0.1.0
# Where Airbyte runs on Kubernetes it starts this itself.
ENV AIRBYTE_ENTRYPOINT="rocketchat-export airbyte"
HEALTHCHECK NONE
ENTRYPOINT ["tini", "--", "rocketchat-export", "airbyte"]
CMD ["spec"]
