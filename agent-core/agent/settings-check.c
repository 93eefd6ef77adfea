/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "agent/settings-check.h"

#include "emit/folder.h"
#include "emit/spool.h"
#include "net/address.h"
#include "process/program.h"

#include <errno.h>
#include <gio/gunixsocketaddress.h>
#include <string.h>
#include <unistd.h>

/** A look at one value of a setting. */
typedef gboolean (*Check)(const CdSettings *self, const gchar *text, GError **error);

CdTargetTls
cd_settings_get_tls(const CdSettings *self)
{
  return (CdTargetTls) {
    .authority = cd_settings_get_text(self, CD_SETTING_TLS_CA),
    .certificate = cd_settings_get_text(self, CD_SETTING_TLS_CERT),
    .key = cd_settings_get_text(self, CD_SETTING_TLS_KEY),
    .server_name = cd_settings_get_text(self, CD_SETTING_TLS_NAME),
  };
}

const gchar *
cd_settings_get_metrics_address(const CdSettings *self)
{
  const gchar *text = cd_settings_get_text(self, CD_SETTING_PROMETHEUS_ADDRESS);

  return *text && !g_str_equal(text, "none") ? text : NULL;
}

static gboolean
_fail(const gchar *path, gint code, GError **error)
{
  g_set_error(error, G_FILE_ERROR, (gint) g_file_error_from_errno(code), "%s: %s", path,
              g_strerror(code));
  return FALSE;
}

static gboolean
_check_folder(const gchar *path, GError **error)
{
  if (!g_file_test(path, G_FILE_TEST_IS_DIR))
    return _fail(path, g_file_test(path, G_FILE_TEST_EXISTS) ? ENOTDIR : ENOENT, error);
  return access(path, W_OK | X_OK) == 0 || _fail(path, errno, error);
}

static gboolean
_check_address(const CdSettings *self, const gchar *text, GError **error)
{
  g_autoptr(GSocketAddress) address = cd_address_parse(text, error);
  g_autofree gchar *folder = NULL;

  if (!address || !G_IS_UNIX_SOCKET_ADDRESS(address))
    return address != NULL;
  folder = g_path_get_dirname(g_unix_socket_address_get_path(G_UNIX_SOCKET_ADDRESS(address)));
  return _check_folder(folder, error);
}

static gboolean
_check_metrics(const CdSettings *self, const gchar *text, GError **error)
{
  const gchar *address = cd_settings_get_metrics_address(self);

  return !address || _check_address(self, address, error);
}

static gboolean
_check_target(const CdSettings *self, const gchar *text, GError **error)
{
  const CdTargetTls tls = cd_settings_get_tls(self);

  return cd_target_check(text, &tls, error);
}

/* The first folder above it that is there. */
static gchar *
_find_above(const gchar *path)
{
  gchar *above = g_path_get_dirname(path);

  while (!g_file_test(above, G_FILE_TEST_EXISTS) && !g_str_equal(above, "."))
    {
      gchar *next = g_path_get_dirname(above);

      g_free(above);
      above = next;
    }
  return above;
}

/* One that another process has is most likely this agent's, which runs. */
static gboolean
_check_state(const CdSettings *self, const gchar *path, GError **error)
{
  g_autoptr(GError) why = NULL;
  g_autofree gchar *above = _find_above(path);
  CdFolder *folder;

  if (!g_file_test(path, G_FILE_TEST_EXISTS))
    return _check_folder(above, error);
  folder = cd_folder_open(path, &why);
  if (folder)
    cd_folder_free(folder);
  if (folder || g_error_matches(why, CD_SPOOL_ERROR, CD_SPOOL_ERROR_LOCKED))
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&why));
  return FALSE;
}

static gboolean
_check_backend(const CdSettings *self, const gchar *name, GError **error)
{
  g_auto(GStrv) environment = g_get_environ();
  g_autofree gchar *program = NULL;
  gint code;

  if (!g_str_equal(name, "screen"))
    return TRUE;
  program = cd_program_find(name, (const gchar *const *) environment, "/", &code);
  return program || _fail("the program screen", code, error);
}

static void
_check_texts(CdSettings *self, CdSetting setting, Check check)
{
  const gchar *const *texts = cd_settings_get_list(self, setting);

  for (guint i = 0; texts[i]; i++)
    {
      g_autoptr(GError) error = NULL;

      if (!check(self, texts[i], &error))
        cd_settings_add_problem(self, setting, texts[i], error->message);
      for (guint k = 0; k < i; k++)
        if (g_str_equal(texts[k], texts[i]))
          cd_settings_add_problem(self, setting, texts[i], "given twice");
    }
}

void
cd_settings_check(CdSettings *self)
{
  _check_texts(self, CD_SETTING_PTY_LISTEN, _check_address);
  _check_texts(self, CD_SETTING_PTY_BACKEND, _check_backend);
  _check_texts(self, CD_SETTING_PROMETHEUS_ADDRESS, _check_metrics);
  _check_texts(self, CD_SETTING_SYSLOG, _check_target);
  _check_texts(self, CD_SETTING_STATE_DIR, _check_state);
}
