#!/usr/bin/env bash
# Branch coverage of the risk engine by the unit tests; fails under 100 %. Names of uncovered lines are in the report it points to.
set -euo pipefail
cd "$(dirname "$0")/.."
built=artifacts/coverage
dotnet build Tests/Unit -c Release -v quiet -clp:NoSummary --artifacts-path "$built" -p:UseMicrosoftTestingPlatformRunner=true
rm -rf "$built/report"
dotnet "$built/bin/Tests.Unit/release/TradingEngine.Tests.Unit.dll" --coverlet --coverlet-output-format cobertura \
  --coverlet-include '[TradingEngine.Trading]TradingEngine.Trading.Risk*' --results-directory "$built/report" | tee "$built/log"
ls "$built"/report/*.xml
grep -q 'Total - Branch: 100.0%' "$built/log"
