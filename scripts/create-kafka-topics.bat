@echo off
rem Creates the three topics of the pipeline. Arguments go to "coupons topics create":
rem   create-kafka-topics.bat --brokers localhost:9092 --profile local
setlocal
set "root=%~dp0.."

where node >nul 2>nul
if errorlevel 1 (
  echo Node.js 20.19 or newer is needed, and node was not found on the PATH. 1>&2
  exit /b 1
)
pushd "%root%"
node -e "require.resolve('commander'), require.resolve('./dist/main.js')" 2>nul
if errorlevel 1 (
  popd
  echo coupons is not installed yet. Run this first: cd /d "%root%" ^&^& npm ci 1>&2
  exit /b 1
)
popd
node "%root%\bin\coupons.js" topics create %*
exit /b %errorlevel%
