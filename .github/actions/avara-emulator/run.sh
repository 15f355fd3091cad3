# Runs the commands of RUN behind the emulator, with the FLAGS, one a line.
set -euo pipefail

flags=()
while IFS= read -r flag; do
  if [ -n "$flag" ]; then flags+=("$flag"); fi
done <<<"$FLAGS"
exec avara-emulator ${flags[@]+"${flags[@]}"} bash -euo pipefail -c "$RUN"
