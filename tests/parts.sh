#!/bin/sh
# Parts of the system that some tests need. As root on Debian they are installed; otherwise the
# tests that need them say what is missing.
set -u

if ! command -v chromium >/dev/null 2>&1; then
	if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
		(apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends chromium) \
			>/dev/null 2>&1 || echo "Chromium could not be installed; the browser tests will say so."
	else
		echo "Chromium is missing (Debian: apt install chromium); the browser tests are not run."
	fi
fi
exit 0
