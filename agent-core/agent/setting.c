/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "agent/setting.h"

#include "disconnect/vocabulary.h"

#define VARIABLE_PREFIX "CODER_AGENT_"

/* Seconds; more is as good as never. */
#define YEAR (366 * 24 * 60 * 60)

/* clang-format off */
static const CdSettingInfo infos[] = {
  [CD_SETTING_PTY_LISTEN] = { "pty-listen", CD_SETTING_KIND_LIST, "ADDR", NULL,
    "Serve PTYs there: unix:PATH, 127.0.0.1:PORT, [::1]:PORT [a socket in the runtime directory]",
    .more = "Port 0 takes any that is free. An address that other machines can reach is served "
            "with a warning, since the protocol has no authentication.",
    .complete = "unix: 127.0.0.1: [::1]:", .is_fixed = TRUE },
  [CD_SETTING_PTY_BACKEND] = { "pty-backend", CD_SETTING_KIND_CHOICE, "NAME", "terminal",
    "What restores the screen of a client that names none", .choices = "terminal buffered screen" },
  [CD_SETTING_PTY_IDLE_TIMEOUT] = { "pty-idle-timeout", CD_SETTING_KIND_NUMBER, "SECONDS", "300",
    "End a session that has had no client for so long",
    .more = "No connection ends by it, so there is a line in the agent's own log and a counter, "
            "and no record.",
    .min = 1, .max = YEAR },
  [CD_SETTING_PTY_SLEEP] = { "pty-sleep", CD_SETTING_KIND_NUMBER, "SECONDS", "60",
    "Keep only a picture of a screen that has not changed for so long",
    .more = "A picture needs less than a tenth of the memory.",
    .min = 1, .max = YEAR },
  [CD_SETTING_MAX_SESSIONS] = { "max-sessions", CD_SETTING_KIND_NUMBER, "N", "1024",
    "Sessions at a time",
    .more = "Whoever would begin one more is closed, with a record that says so.",
    .min = 1, .max = 100000 },
  [CD_SETTING_MAX_CONNECTIONS] = { "max-connections", CD_SETTING_KIND_NUMBER, "N", "4096",
    "Connections at a time",
    .more = "One more is closed, with a record that says so.",
    .min = 1, .max = 100000 },
  [CD_SETTING_TRUST_LOOPBACK] = { "trust-loopback", CD_SETTING_KIND_SWITCH, NULL, "false",
    "Let every user of this machine in over TCP",
    .more = "Otherwise the peer's user has to be the agent's own or root." },
  [CD_SETTING_SESSION_TOKEN] = { "session-token", CD_SETTING_KIND_SWITCH, NULL, "false",
    "Give sessions the agent's token in their environment" },
  [CD_SETTING_PROMETHEUS_ADDRESS] = { "prometheus-address", CD_SETTING_KIND_TEXT, "ADDR",
    "127.0.0.1:2112", "Serve metrics there; none or nothing: nowhere",
    .more = "Where it is taken by somebody else, the agent goes without metrics; an address that "
            "was asked for has to be free.",
    .complete = "none 127.0.0.1: [::1]: unix:", .may_be_empty = TRUE, .is_fixed = TRUE },
  [CD_SETTING_SYSLOG] = { "syslog", CD_SETTING_KIND_LIST, "URI", NULL,
    "Where records go [unix-dgram:/dev/log, else stderr:]",
    .more = "unix-dgram:PATH, unix-stream:PATH, udp:HOST:PORT, tcp:HOST:PORT, tls:HOST:PORT, "
            "journald:, stderr:",
    .complete = "journald: stderr: tcp: tls: udp: unix-dgram: unix-stream:", .is_fixed = TRUE },
  [CD_SETTING_STATE_DIR] = { "state-dir", CD_SETTING_KIND_TEXT, "DIR", NULL,
    "Keep records there until they have arrived [in memory]",
    .more = "What has not arrived at the end is sent by the next start, or by coder-emit --flush.",
    .complete = "@directory", .is_fixed = TRUE },
  [CD_SETTING_HOST] = { "host", CD_SETTING_KIND_TEXT, "NAME", NULL,
    "HOSTNAME in the records [the system's]", .is_fixed = TRUE },
  [CD_SETTING_PEN] = { "pen", CD_SETTING_KIND_NUMBER, "N", G_STRINGIFY(CD_PEN),
    "Enterprise number behind coder@", .min = 1, .max = G_MAXINT32, .is_fixed = TRUE },
  [CD_SETTING_TLS_CA] = { "tls-ca", CD_SETTING_KIND_TEXT, "FILE", NULL,
    "Certificates to trust for tls: [the system's]", .complete = "@file", .is_fixed = TRUE },
  [CD_SETTING_TLS_CERT] = { "tls-cert", CD_SETTING_KIND_TEXT, "FILE", NULL,
    "Our certificate", .complete = "@file", .is_fixed = TRUE },
  [CD_SETTING_TLS_KEY] = { "tls-key", CD_SETTING_KIND_TEXT, "FILE", NULL,
    "Its key", .complete = "@file", .is_fixed = TRUE },
  [CD_SETTING_TLS_NAME] = { "tls-name", CD_SETTING_KIND_TEXT, "NAME", NULL,
    "The name in the server's certificate [the URI's]", .is_fixed = TRUE },
};
/* clang-format on */
G_STATIC_ASSERT(G_N_ELEMENTS(infos) == CD_N_SETTINGS);

/* clang-format off */
G_DEFINE_QUARK(cd-setting-error-quark, cd_setting_error)
/* clang-format on */

const CdSettingInfo *
cd_setting_get_info(CdSetting setting)
{
  return &infos[setting];
}

CdSetting
cd_setting_find(const gchar *name)
{
  CdSetting setting = 0;

  while (setting < CD_N_SETTINGS && !g_str_equal(infos[setting].name, name))
    setting++;
  return setting;
}

gchar *
cd_setting_get_variable(CdSetting setting)
{
  g_autofree gchar *upper = g_ascii_strup(infos[setting].name, -1);

  return g_strconcat(VARIABLE_PREFIX, g_strdelimit(upper, "-", '_'), NULL);
}

static gboolean
_refuse(GError **error, const CdSettingInfo *info, const gchar *value, const gchar *allowed)
{
  g_set_error(error, CD_SETTING_ERROR, CD_SETTING_ERROR_VALUE, "%s=%s: allowed: %s", info->name,
              value, allowed);
  return FALSE;
}

static gboolean
_check_number(const CdSettingInfo *info, const gchar *value, GError **error)
{
  g_autofree gchar *allowed = NULL;

  if (g_ascii_string_to_signed(value, 10, info->min, info->max, NULL, NULL))
    return TRUE;
  allowed = g_strdup_printf("%" G_GINT64_FORMAT " to %" G_GINT64_FORMAT, info->min, info->max);
  return _refuse(error, info, value, allowed);
}

static gboolean
_check_choice(const CdSettingInfo *info, const gchar *value, GError **error)
{
  g_auto(GStrv) choices = g_strsplit(info->choices, " ", -1);

  if (g_strv_contains((const gchar *const *) choices, value))
    return TRUE;
  return _refuse(error, info, value, info->choices);
}

gboolean
cd_setting_check(CdSetting setting, const gchar *value, GError **error)
{
  const CdSettingInfo *info = &infos[setting];

  switch (info->kind)
    {
    case CD_SETTING_KIND_TEXT:
    case CD_SETTING_KIND_LIST:
      return *value || info->may_be_empty || _refuse(error, info, value, "anything but nothing");
    case CD_SETTING_KIND_NUMBER:
      return _check_number(info, value, error);
    case CD_SETTING_KIND_SWITCH:
      return g_str_equal(value, "true") || g_str_equal(value, "false")
             || _refuse(error, info, value, "true or false");
    case CD_SETTING_KIND_CHOICE:
      return _check_choice(info, value, error);
    }
  g_return_val_if_reached(FALSE);
}
