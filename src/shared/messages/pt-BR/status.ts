// Títulos, e os nomes das verificações e de seus estados.
import type { StatusWords } from '../words.ts'

export const status: StatusWords = {
  headline: {
    blocked: 'Os builds vão falhar: {reason}',
    local: 'Os builds rodam neste laptop: {reason}',
    degraded: 'Os builds rodam em {builder}, mas: {reason}',
    building: 'Os builds rodam em {builder}, {count} neste momento',
    ready: 'Os builds rodam em {builder}',
    checking: 'Verificando {builder}',
    unconfigured: 'Ainda não há nenhum builder configurado',
    paused: 'O acompanhamento está pausado',
  },
  checks: {
    reachable: 'Acessível',
    'host-key': 'Chave de host',
    'builder-key': 'Chave do builder',
    'remote-nix': 'Nix no desktop',
    'cache-info': 'O cache responde',
    'cache-signature': 'Assinatura do cache',
    'nix-config': 'Configuração do Nix',
    'builder-key-file': 'Arquivo da chave do builder',
    'cache-trust': 'Confiança no cache',
    fallback: 'Alternativa local',
    'nfs-mount': 'Montagem NFS responde',
  },
  states: { pass: 'OK', warn: 'Aviso', fail: 'Falhou', skip: 'Não verificado', unknown: 'Ainda sem prova' },
}
