# lib.sh - what the scripts share; sourced, POSIX shell. Sets ROOT and goes there.

ROOT=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
cd "$ROOT"

BUILD_PACKAGES="gcc libc6-dev meson ninja-build pkg-config python3
	zlib1g-dev libarchive-dev libcbor-dev libfido2-dev libhyperscan-dev libjansson-dev libmicrohttpd-dev liboath-dev libpcre2-dev libseccomp-dev
	libsodium-dev libsqlite3-dev libvips-dev libwslay-dev libxxhash-dev libzbar-dev"
TEST_PACKAGES="libcmocka-dev clang clang-format chromium caddy faketime nginx-light openssl"
FUZZ_PACKAGES="clang libclang-rt-14-dev"
BENCH_PACKAGES="wrk nginx-light liblinear-tools fasttext"

say() { printf '==> %s\n' "$*" >&2; }

die() {
	printf '%s: %s\n' "${0##*/}" "$*" >&2
	exit 1
}

as_root() {
	if [ "$(id -u)" -eq 0 ]; then
		"$@"
	elif command -v sudo >/dev/null; then
		sudo "$@"
	else
		die "not root and no sudo; please run as root: $*"
	fi
}

# Installs the Debian packages named that are not there yet, and says which.
need_packages() {
	missing=
	for package in "$@"; do
		state=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null) || state=absent
		[ "$state" = installed ] || missing="$missing $package"
	done
	[ -n "$missing" ] || return 0
	command -v apt-get >/dev/null || die "no apt-get here; please install by hand:$missing"
	say "installing with apt:$missing"
	as_root apt-get update -qq || say "the package lists could not be renewed; trying with the old ones"
	apt_log=$(mktemp)
	# shellcheck disable=SC2086 # one word a package
	as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
		-o DPkg::Lock::Timeout=600 $missing >"$apt_log" 2>&1 || {
		tail -n 30 "$apt_log" >&2
		die "apt could not install:$missing"
	}
	rm -f "$apt_log"
}

# A node and npm that are there are used as they are: Debian's npm conflicts with a nodejs from elsewhere.
need_node() {
	if command -v node >/dev/null && command -v npm >/dev/null; then
		return 0
	fi
	need_packages nodejs npm
}

# Installs the packages a package-lock.json names, when they are missing or older than it.
npm_packages() {
	need_node
	if [ ! -e "$1/node_modules/.package-lock.json" ] ||
		[ "$1/package-lock.json" -nt "$1/node_modules/.package-lock.json" ]; then
		say "installing the npm packages of $1/"
		(cd "$1" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2) ||
			die "npm ci failed in $1/"
		touch "$1/node_modules/.package-lock.json"
	fi
}

# The page, into web/dist; skipped when nothing in web/ is newer than the last time.
build_page() {
	[ -e web/package.json ] || return 0
	npm_packages web
	stamp=web/node_modules/.page-built
	if [ -d web/dist ] && [ -e "$stamp" ] &&
		[ -z "$(find web -name node_modules -prune -o -path web/dist -prune -o -newer "$stamp" -print -quit)" ]; then
		return 0
	fi
	say "building the page (web/dist)"
	touch "$stamp.new"
	(cd web && npm run --silent build >&2) || die "the page does not build"
	mv "$stamp.new" "$stamp"
}

# configure FOLDER OPTION...: sets a build folder up; again when it was set up otherwise, as by hand, or a meson file is newer.
configure() {
	folder=$1
	shift
	if [ ! -e "$folder/build.ninja" ]; then
		meson setup "$folder" "$@" >"$folder.log" 2>&1 || {
			cat "$folder.log" >&2
			die "meson could not set up $folder"
		}
		mv "$folder.log" "$folder/setup.log"
	elif [ "$*" != "$(cat "$folder/setup.options" 2>/dev/null)" ] ||
		[ -n "$(find src meson.build meson_options.txt \( -name meson.build -o -name meson_options.txt \) \
			-newer "$folder/build.ninja" -print -quit)" ]; then
		meson setup --reconfigure "$folder" "$@" >"$folder/setup.log" 2>&1 || {
			cat "$folder/setup.log" >&2
			die "meson could not set up $folder again"
		}
	fi
	printf '%s\n' "$*" >"$folder/setup.options"
}

# compile FOLDER TARGET...: quiet unless something is wrong.
compile() {
	folder=$1
	shift
	if [ -t 2 ]; then
		ninja -C "$folder" "$@" >&2
	else
		ninja -C "$folder" --quiet "$@" >&2
	fi
}
