// As palavras do build de teste.
import type { TestBuildWords } from '../words.ts'

const words: TestBuildWords = {
  stages: {
    evaluate: 'Preparar',
    connect: 'Conectar',
    wait: 'Esperar uma vaga',
    upload: 'Enviar',
    build: 'Construir',
    download: 'Baixar',
    verify: 'Conferir',
  },
}

export const testBuild = { ...words }
