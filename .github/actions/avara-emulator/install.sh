# Installs the released emulator of VERSION for this runner, once it is known that this repository's workflow built it.
set -euo pipefail

repository=avara-software/terraform-provider-avara
version=${VERSION#v}

case $RUNNER_OS in
Linux) os=linux suffix=tar.gz ;;
macOS) os=darwin suffix=tar.gz ;;
Windows) os=windows suffix=zip ;;
*) echo "::error::there is no avara-emulator for $RUNNER_OS" && exit 1 ;;
esac
case $RUNNER_ARCH in
X64) arch=amd64 ;;
ARM64) arch=arm64 ;;
*) echo "::error::there is no avara-emulator for $RUNNER_ARCH" && exit 1 ;;
esac

archive=avara-emulator_${version}_${os}_${arch}.$suffix
folder=$RUNNER_TEMP/avara-emulator-$version
mkdir -p "$folder"
cd "$folder"
gh release download "v$version" --repo "$repository" --pattern "$archive" --clobber
gh attestation verify "$archive" --repo "$repository"
case $suffix in
zip) unzip -oq "$archive" ;;
*) tar -xzf "$archive" ;;
esac
echo "$folder" >>"$GITHUB_PATH"
