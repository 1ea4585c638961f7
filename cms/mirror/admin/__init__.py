"""The screens 公开镜像 and 哀悼日与停止发布."""
