/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pty/host.h"

static const gchar *const backends[] = {
  [CD_PTY_BACKEND_TERMINAL] = "terminal",
  [CD_PTY_BACKEND_BUFFERED] = "buffered",
  [CD_PTY_BACKEND_SCREEN] = "screen",
};
G_STATIC_ASSERT(G_N_ELEMENTS(backends) == CD_PTY_N_BACKENDS);

const gchar *
cd_pty_failure_get_name(CdPtyFailure failure)
{
  switch (failure)
    {
    case CD_PTY_FAILURE_CREATE_COMMAND:
      return "create_command";
    case CD_PTY_FAILURE_WRITE:
      return "write";
    case CD_PTY_N_FAILURES:
      break;
    }
  g_return_val_if_reached(NULL);
}

void
cd_pty_settings_init(CdPtySettings *self)
{
  *self = (CdPtySettings) {
    .backend = CD_PTY_BACKEND_TERMINAL,
    .init_timeout_ms = 10 * 1000,
    .attach_timeout_ms = 30 * 1000,
    .idle_timeout_ms = 5 * 60 * 1000,
    .sleep_timeout_ms = 60 * 1000,
    .flush_timeout_ms = 5 * 1000,
    .max_sessions = 1024,
    .max_connections = 4096,
  };
}

gboolean
cd_pty_host_find_backend(const CdPtyHost *self, const gchar *name, CdPtyBackend *backend)
{
  *backend = self->settings.backend;
  if (!*name || g_str_equal(name, "auto"))
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS(backends); i++)
    if (g_str_equal(name, backends[i]))
      {
        *backend = i;
        return TRUE;
      }
  return FALSE;
}

const gchar *
cd_pty_backend_get_name(CdPtyBackend backend)
{
  return backends[backend];
}
