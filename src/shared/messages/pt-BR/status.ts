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
  builderUnseen: 'Não dá para ver nenhum builder: {reason}',
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
  proves: {
    reachable: 'O desktop responde na porta do SSH.',
    'host-key': 'A máquina de lá mostra a chave de host em que você confia.',
    'builder-key': 'O desktop aceita a chave de builder deste laptop.',
    'remote-nix': 'O Nix de lá responde e aceita builds deste laptop.',
    'cache-info': 'O cache responde e serve o mesmo store que este laptop usa.',
    'cache-signature': 'O que o cache envia vem assinado por uma chave em que este laptop confia.',
    'nix-config': 'O Nix deste laptop conhece um builder e pode mandar builds para ele.',
    'builder-key-file': 'A chave do builder está no lugar, e ninguém mais pode lê-la.',
    'cache-trust': 'O Nix deste laptop usa o cache e confia na chave dele.',
    fallback: 'O Nix continua fazendo builds quando o cache falha.',
    'nfs-mount': 'O store do desktop, montado aqui, responde.',
  },
  states: { pass: 'OK', warn: 'Aviso', fail: 'Falhou', skip: 'Não verificado', unknown: 'Não comprovado' },
}
