/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_EXIT_H
#define CD_EXIT_H

/** What programs end with (sysexits.h for the last). */
typedef enum
{
  CD_EXIT_DONE = 0,
  CD_EXIT_FAILED = 1,
  CD_EXIT_WRONG_USE = 2,
  CD_EXIT_WRONG_CONFIGURATION = 78,
} CdExit;

#endif
