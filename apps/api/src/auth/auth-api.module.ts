import { Injectable, Module, type OnApplicationBootstrap } from '@nestjs/common';
import { AdministratorService, UsersModule } from '@app/users';
import { AuthController } from './auth.controller.js';
import { RefreshCookie } from './refresh-cookie.js';
import { SessionsController } from './sessions.controller.js';

/** Sees to it at the start that somebody can sign in. */
@Injectable()
export class FirstAdministrator implements OnApplicationBootstrap {
  constructor(private readonly administrators: AdministratorService) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.administrators.ensureFirst();
  }
}

@Module({
  imports: [UsersModule],
  controllers: [AuthController, SessionsController],
  providers: [FirstAdministrator, RefreshCookie],
})
export class AuthApiModule {}
