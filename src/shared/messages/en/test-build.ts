// The words of the test build.
import type { TestBuildWords } from '../words.ts'

const words: TestBuildWords = {
  stages: {
    evaluate: 'Prepare',
    connect: 'Connect',
    wait: 'Wait for a slot',
    upload: 'Upload',
    build: 'Build',
    download: 'Download',
    verify: 'Verify',
  },
}

export const testBuild = { ...words }
