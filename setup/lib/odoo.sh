# Odoo 19.0 from Debian's own packages, unpacked into the cache (Odoo is not on PyPI). Sourced by install.
# shellcheck shell=bash
ODOO_DEBS_SID=(odoo-19 fonts-montserrat)
ODOO_DEBS=(fonts-font-awesome fonts-roboto-unhinted libjs-jquery libjs-jquery-form libjs-underscore)
# Whole families only: an auto-installed addon without its dependency logs an error at every start
ODOO_LEFT_OUT=('l10n_[!c]*' 'l10n_c[!n]*' '*website*' '*pos_*' point_of_sale 'theme_*' '*_slides*' '*event_track*' marketing_card)

debian_mirror() { # the mirror this machine is configured for
  {
    # shellcheck disable=SC2016 # a name that apt fills in
    apt-get indextargets --format '$(SITE)' 'Created-By: Packages' 2>/dev/null || true
    sed -nE 's/^URIs: *//p; s/^deb +(\[[^]]*\] +)?([^ ]+).*/\2/p' /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null || true
  } | tr ' ' '\n' | grep -E '/debian/?$' | head -n 1
}

unpack_odoo() { # TARGET
  local target=$1 tmp=$1.tmp apt=$CACHE/apt mirror suite deb debs
  local skip=(--exclude='*/i18n/[a-y]*.po' --exclude='*/i18n/zh_[!C]*.po' --exclude=./usr/lib/python3/dist-packages/addons --exclude=./usr/share/doc)
  if ! have apt-get || ! have dpkg-deb; then die "no apt-get here to fetch Odoo with; point ODOO_HOME to a checkout of Odoo 19.0"; fi
  mirror=$(debian_mirror) || true
  [ -n "${mirror:-}" ] || die "no Debian mirror in the configuration of apt; point ODOO_HOME to a checkout of Odoo 19.0"
  suite=$(. /etc/os-release && echo "${VERSION_CODENAME:-bookworm}")
  debs=("${ODOO_DEBS_SID[@]/%//sid}" "${ODOO_DEBS[@]/%//$suite}")
  mkdir -p "$apt"/{lists/partial,cache/archives/partial,debs}
  printf 'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] %s %s main\n' "$mirror" sid "$mirror" "$suite" >"$apt/sources.list"
  cat >"$apt/conf" <<C
Dir::State "$apt"; Dir::State::lists "$apt/lists"; Dir::State::status "/var/lib/dpkg/status"; Dir::Cache "$apt/cache";
Dir::Etc::sourcelist "$apt/sources.list"; Dir::Etc::sourceparts "-"; Acquire::Languages "none"; APT::Sandbox::User "root";
Acquire::Retries "3";
C
  export APT_CONFIG=$apt/conf
  # a mirror that cannot be reached is only a warning to apt otherwise
  apt-get -qq -o APT::Update::Error-Mode=any update 2>"$apt/log" </dev/null ||
    die "the Debian mirror $mirror does not answer ($(grep -m1 '^[EW]:' "$apt/log" || true)); check the network and run again"
  [ -n "$(apt-cache madison odoo-19 | grep -F '| 19.0' || true)" ] ||
    die "Debian's unstable suite no longer holds odoo-19 19.0; point ODOO_HOME to a checkout of Odoo 19.0"
  (
    cd "$apt/debs" || exit
    wanted=$(apt-get -qq --print-uris download "${debs[@]}" | cut -d ' ' -f 2) || exit
    # one of an older version would be unpacked too
    for deb in *.deb; do grep -qxF -- "$deb" <<<"$wanted" || rm -f "$deb"; done
    # an interrupted download is fetched again, a complete one is kept: apt compares the checksums
    apt-get -qq download "${debs[@]}"
  ) 2>"$apt/log" </dev/null ||
    die "a package of Odoo could not be downloaded ($(grep -m1 '^[EW]:' "$apt/log" || true)); run again, or point ODOO_HOME to a checkout of Odoo 19.0"
  unset APT_CONFIG
  rm -rf "$tmp" && mkdir -p "$tmp"
  for deb in "${ODOO_LEFT_OUT[@]}"; do skip+=(--exclude="*/odoo/addons/$deb"); done
  for deb in "$apt"/debs/*.deb; do
    dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$tmp" "${skip[@]}" || die "${deb##*/} is broken; remove $apt/debs and run again"
  done
  # the one file Debian leaves out that the backend's bundle names
  deb=$tmp/usr/lib/python3/dist-packages/odoo/addons/mail/static/lib/selfie_segmentation
  mkdir -p "$deb" && echo '/* left out of the Debian package */' >"$deb/selfie_segmentation.js"
  python3 -m compileall -q -j0 "$tmp/usr/lib/python3/dist-packages/odoo" >/dev/null 2>&1 || true
  rm -rf "$target" && mv "$tmp" "$target"
}
