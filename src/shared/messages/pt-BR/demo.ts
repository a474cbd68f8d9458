// O que cada interruptor do desktop de demonstração faz.
import type { DemoFaultId } from '../../demo-faults.ts'

export const demoFaults: Readonly<Record<DemoFaultId, string>> = {
  'builds-running': 'Dois builds estão rodando lá',
  'second-builder-down': 'Um segundo builder está fora do ar',
  'sshd-stopped': 'O serviço SSH está parado',
  'desktop-silent': 'O desktop está desligado: nenhuma resposta',
  'not-ssh': 'Outro serviço ocupa a porta do SSH',
  'sshd-mute': 'O SSH aceita a conexão, mas não diz nada',
  'sshd-throttles': 'O SSH barra este laptop por um tempo',
  'host-key-unknown': 'A chave de host ainda não é conhecida',
  'host-key-changed': 'A chave de host mudou',
  'key-refused': 'A chave do builder não é aceita',
  'bare-desktop': 'O desktop está vazio: nada foi configurado nele',
  'cache-stopped': 'O cache está parado',
  'cache-silent': 'O cache aceita a conexão, mas não diz nada',
  'not-a-cache': 'Outro servidor web ocupa a porta do cache',
  'narinfo-500': 'O cache falha em toda consulta',
  'cache-unsigned': 'O cache não assina',
  'cache-key-unknown': 'O cache assina com uma chave em que você não confia',
  'cache-key-regenerated': 'O cache tem uma chave nova com o nome antigo',
  'no-substituter': 'O laptop não usa o cache',
  'fallback-off': 'A opção fallback está desligada',
  'max-jobs-0': 'O laptop não constrói nada (max-jobs = 0)',
  'distributed-builds-off': 'Os builds distribuídos estão desligados',
  'builder-key-missing': 'Falta a chave do builder',
  'no-builder': 'Nenhum builder está configurado',
}
