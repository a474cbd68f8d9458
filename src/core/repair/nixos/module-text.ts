// The modules as they are put onto a desktop, or shown to be copied: the very files of nix/modules.
import client from '../../../../nix/modules/offload-client.nix?raw'
import server from '../../../../nix/modules/offload-server.nix?raw'

/** The text of each module. Each stands alone: it imports nothing. */
export const moduleText = { 'offload-client': client, 'offload-server': server } as const
