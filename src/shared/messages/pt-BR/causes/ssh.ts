// Causas no caminho até o desktop e no SSH dele, em português.
import type { CauseWordsOf } from '../../words.ts'

export const sshCauses: CauseWordsOf<'net' | 'ssh'> = {
  'net.name-not-found': {
    title: 'o nome {host} não é conhecido nesta rede',
    explain:
      'Nenhum endereço foi encontrado para {host}. Você pode estar em outra rede, ou o nome pode ter mudado.',
    fix: 'Entre na rede do seu desktop ou corrija o nome onde ele está escrito.',
  },
  'net.unreachable': {
    title: 'não há caminho até {host} a partir desta rede',
    explain:
      'A rede diz que não há caminho até {host}. Você pode estar em outra rede, ou uma VPN pode estar desligada.',
    fix: 'Entre na rede do seu desktop.',
  },
  'net.timeout': {
    title: '{host} não responde',
    explain:
      'Nada voltou a tempo. Seu desktop pode estar desligado ou suspenso, você pode estar em outra rede, ou um firewall descarta os pacotes.',
    fix: 'Acorde {host} e confira se as duas máquinas estão na mesma rede.',
  },
  'net.moved': {
    title: '{host} agora tem o endereço {found}',
    explain:
      'Era {expected} na última vez que funcionou. Em outra rede, o mesmo nome pode levar a outra máquina.',
    fix: 'Confira se {found} é o seu desktop; um endereço fixo no roteador evita que isso se repita.',
  },
  'ssh.port-closed': {
    title: 'o SSH não atende em {host}, porta {port}',
    explain: 'A máquina responde, mas recusa a conexão: o serviço SSH está parado ou atende em outra porta.',
    fix: 'Inicie o serviço SSH em {host}; no NixOS, defina services.openssh.enable = true.',
  },
  'ssh.not-ssh': {
    title: 'a porta {port} de {host} não é SSH',
    explain: 'Outro serviço atende ali, ou o endereço agora é de outra máquina.',
    fix: 'Descubra o que atende na porta {port} de {host} ou corrija a porta.',
  },
  'ssh.banner-timeout': {
    title: 'o SSH de {host} aceita a conexão, mas não diz nada',
    explain:
      'A conexão abre na porta {port}, mas nenhuma saudação chega. O serviço pode ter travado, ou a máquina pode estar muito sobrecarregada.',
    fix: 'Reinicie o serviço SSH em {host}.',
  },
  'ssh.no-common-algorithm': {
    title: 'este aplicativo e {host} não têm nenhum algoritmo SSH em comum',
    explain:
      'O serviço SSH de {host} só permite algoritmos que este aplicativo não fala. O ssh que o Nix usa ainda pode passar.',
    fix: 'Permita mais uma troca de chaves ou cifra em {host}, por exemplo curve25519-sha256 e aes256-gcm@openssh.com.',
  },
  'ssh.throttled': {
    title: '{host} está segurando os logins deste laptop',
    explain:
      'Depois de vários logins recusados ou interrompidos, o SSH de {host} barra este laptop por um tempo. O Nix também é barrado.',
    fix: 'Espere um minuto; passa sozinho, e a próxima verificação demora mais de propósito.',
  },
  'ssh.host-key-unknown': {
    title: 'a chave de host de {host} ainda não é conhecida',
    explain:
      'Ela se apresentou como {offered}. Nada foi enviado. O Nix talvez já conheça essa chave: o root tem a própria lista, que seu usuário não pode ler.',
    fix: 'Compare {offered} com o que o comando mostra em {host} e então confie nela aqui.',
  },
  'ssh.host-key-changed': {
    title: 'a chave de host de {host} mudou',
    explain:
      'Era esperada {expected} (de {source}), mas veio {offered}. A máquina pode ter sido reinstalada, ou pode ser outra. Nada foi enviado.',
    fix: 'Compare {offered} com o que o comando mostra em {host}; só se forem iguais, troque a chave antiga em {source}.',
  },
  'ssh.host-key-revoked': {
    title: 'a chave de host de {host} foi revogada',
    explain: '{file} marca {offered} como @revoked, então nada foi enviado.',
    fix: 'Descubra por que ela foi revogada; dê a {host} uma nova chave de host ou tire a marca de {file}.',
  },
  'ssh.key-refused': {
    title: '{host} não aceita a chave do builder',
    explain:
      'O SSH de {host} não deixa {user} entrar com {key}. A chave pode não estar autorizada, ou {user} pode não existir lá.',
    fix: 'Inclua a linha de {key}.pub nas chaves autorizadas de {user} em {host}; no NixOS, em users.users.{user}.openssh.authorizedKeys.keys.',
  },
  'ssh.sign-in-refused': {
    title: '{host} não deixou {user} entrar',
    explain:
      'A senha, a chave ou as respostas não foram aceitas, ou {user} não pode entrar por SSH. Várias recusas seguidas bloqueiam seu laptop por um tempo.',
    fix: 'Confira o nome {user} e tente de novo, ou entre de outro jeito.',
  },
  'ssh.sign-in-method': {
    title: '{host} não aceita esse jeito de entrar',
    explain: 'Ele oferece a {user} apenas: {what}.',
    fix: 'Escolha um dos jeitos que {host} aceita.',
  },
  'ssh.protocol-error': {
    title: 'a conexão SSH com {host} caiu',
    explain:
      'Ela começou bem e depois terminou antes da hora ou deu errado. Um reinício do serviço ou uma rede ruim causa isso.',
    fix: 'Verifique de novo; se continuar, veja o que o próprio ssh diz.',
  },
  'net.connection-lost': {
    title: 'a conexão com {host} caiu no meio do caminho',
    explain: 'Ela funcionava e caiu: {host} foi desligado ou suspenso, o SSH parou ou a rede falhou.',
    fix: 'Traga {host} de volta e rode de novo; o que já terminou fica.',
  },
}
