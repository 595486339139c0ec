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
node "%root%\bin\coupons.js" topics create %*
exit /b %errorlevel%
